from windlass._register import DatabaseJob

Job = DatabaseJob
