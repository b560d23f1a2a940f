"""What lies inside a network, drawn: an explanation's own page, and the section of a report."""
