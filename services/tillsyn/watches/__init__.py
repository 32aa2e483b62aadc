"""What no event tells: a night that nobody has signed in for, a shift that has ended. From SQL alone, on the clock."""
