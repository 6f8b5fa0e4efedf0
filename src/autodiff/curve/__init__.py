"""A function and its derivative over an interval, as samples: what a plot shows, whatever it is drawn with."""
