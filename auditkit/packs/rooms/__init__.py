"""The reviewer's room: a certification body looks at one sealed pack by a link of its own, judges, asks, concludes."""
