"""时限: working days by the State Council's notices, due dates, suspensions and cards; nothing reads the clock."""
