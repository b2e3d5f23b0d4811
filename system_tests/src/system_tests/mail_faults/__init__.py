"""What becomes of mails when parts of the system are killed, hang, or hear nonsense from Resend."""
