"""The benchmarks are run by hand: pytest shall not even import them."""

collect_ignore_glob = ["*"]
