module recorder_parse

go 1.26
