-- Unleash has a database of its own beside ours. Run once, when the volume is new.
create database unleash;
