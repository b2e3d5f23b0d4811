"""What a mail passes through, as real processes, and a fake Resend at the end of it."""
