"""The timetable of an audit, invitations to it, and a calendar feed for each person."""
