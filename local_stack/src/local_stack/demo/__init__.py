"""Fills a running stack with people who know each other, and what they wrote in the last weeks."""
