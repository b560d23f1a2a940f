"""What the runs say beyond the leaderboard: advice, costs, mistakes, reliability, ranks."""
