-- Rows on disk now, less those at the begin of the quarter of an hour; 0 while there are none.
SELECT if(now_rows > 0, now_rows - before_rows, 0) AS grown
FROM (
    SELECT argMax(highs['spool_rows'], minute) AS now_rows, argMin(highs['spool_rows'], minute) AS before_rows
    FROM health_minute
    WHERE kind = 'home' AND $__timeFilter(minute)
)
