"""The complaints register: registering, finding, acknowledging, deciding and closing complaints; importing them."""
