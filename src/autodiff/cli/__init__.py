"""The command `autodiff`: a file for each subcommand, each a thin shell over the public API."""
