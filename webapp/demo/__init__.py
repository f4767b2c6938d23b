"""The demo world of 2018: Cẩm Phả as the article tells it, built and played by engine commands."""
