"""Members: how they register, sign in, prove their email address and replace a lost password."""
