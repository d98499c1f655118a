module remora.test/load

go 1.25
