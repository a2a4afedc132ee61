-- Readings number `first` on, of ten windows in turn, evenly over the time: a day's swing and a sensor's noise.

INSERT INTO sensor_temperature (ts, device_id, value)
WITH {start:UInt32} + intDiv(number, 10) * ({end:UInt32} - {start:UInt32}) / {turns:UInt32} AS at
SELECT fromUnixTimestamp64Milli(toInt64(at * 1000) + number % 10), concat('window_0', toString(number % 10)),
    round(20 + 5 * sin(at / 43200 * pi()) + rand() % 100 / 500., 2)
FROM numbers({first:UInt32}, {many:UInt32});

INSERT INTO sensor_humidity (ts, device_id, value)
WITH {start:UInt32} + intDiv(number, 10) * ({end:UInt32} - {start:UInt32}) / {turns:UInt32} AS at
SELECT fromUnixTimestamp64Milli(toInt64(at * 1000) + number % 10), concat('window_0', toString(number % 10)),
    round(55 - 9 * sin(at / 43200 * pi()) + rand() % 100 / 50., 1)
FROM numbers({first:UInt32}, {many:UInt32});
