using System.Text;
using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests;

/// <summary>Makes a data directory whose older events are in the capture alone.</summary>
internal static class RetiredLog
{
    public static async Task MakeAsync(string data, int trips)
    {
        var time = new SetTime();
        var options = new LogOptions { DuplicateWindow = 0, SegmentBytesMax = 64 << 10, Retention = TimeSpan.FromDays(1) };
        await using var log = FileLog.Open(Path.Combine(data, "log"), options, time: time);
        var reader = new CloudEventReader(OwnEvents.Types, UnknownTypes.Accept, options.EventBytesMax, options.RequestEventsMax);
        for (var i = 0; i < trips; i++)
        {
            using var batch = new EventBatch();
            reader.ReadOne(Encoding.UTF8.GetBytes(
                $$$"""{"specversion":"1.0","id":"{{{i}}}","source":"/s","type":"trip.taken","subject":"rider/r{{{i % 11}}}","data":{"rider":"r{{{i % 11}}}","from":"s{{{i % 3}}}","to":"s{{{i % 5}}}","price":1.5}}"""), batch, []);
            await log.AppendAsync(batch);
        }
        time.Now += TimeSpan.FromDays(2);
        var store = new DirectoryCaptureStore(Path.Combine(data, "capture"));
        var capture = new LogCapture(log, await CapturedLog.OpenAsync(store, log, new CaptureOptions()), store, new CaptureOptions(), time);
        Assert.Empty((await capture.CaptureAllAsync()).Problems);
        Assert.True(Enumerable.Range(0, log.PartitionCount).Sum(log.First) > 0);
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
