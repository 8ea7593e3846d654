# Words and phrases that stand in messages and tables, by their English.
