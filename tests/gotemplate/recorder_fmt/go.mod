module remora/recorder_fmt

go 1.26
