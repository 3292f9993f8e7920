using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Tests.Events;
using Kappa.Tests.Log;
using Kappa.Tests.Tidy;
using Xunit.Abstractions;

namespace Kappa.Tests.Capture;

/// <summary>What is captured is what was appended, to the byte, and the files are what they were.</summary>
public sealed class CaptureRoundTripTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Events_of_every_shape_come_back_as_they_were()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var harness = await CaptureHarness.OpenAsync(CaptureHarness.SmallLog(partitions: 3));
        for (var i = 0; i < 300; i++)
        {
            using var batch = new EventBatch();
            for (var k = random.Next(1, 8); k > 0; k--)
                batch.Add(RandomEvents.Next(random));
            await harness.Log.AppendAsync(batch);
            harness.Time.Now += TimeSpan.FromTicks(random.Next(1, 20_000_000));
        }
        var report = await harness.Capture.CaptureAllAsync();
        Assert.Empty(report.Problems);
        for (var p = 0; p < 3; p++)
        {
            var expected = await harness.Log.ReadAllAsync(p, Whole);
            foreach (var bytesMax in new[] { 1, 40_000, 10_000_000 })
                Assert.Equal(expected, await harness.Captured.ReadAllAsync(p, Whole, bytesMax));
            for (var from = expected.Count - 1; from >= 0; from -= 37)
            {
                using var page = await harness.Captured.ReadAsync(p, from, 1);
                Assert.Equal(expected[from], Whole(page.Events[0]));
            }
        }
    }

    [Fact]
    public async Task Our_files_are_read_by_the_reader_of_foreign_files_and_become_the_same_events()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var harness = await CaptureHarness.OpenAsync();
        using (var batch = new EventBatch())
        {
            for (var i = 0; i < 200; i++)
                batch.Add(RandomEvents.Next(random));
            await harness.Log.AppendAsync(batch);
        }
        await harness.Capture.CaptureAllAsync();
        var expected = await harness.Log.ReadAllAsync(0, recorded => Convert.ToHexString(recorded.Record.Span));
        var found = new List<string>();
        foreach (var path in harness.Files)
            found.AddRange((await CaptureReading.EventsAsync(harness.Disk.Bytes(path), path)).Select(captured => Convert.ToHexString(CaptureReading.Map(captured).Record.Span)));
        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task A_file_and_its_index_are_to_the_byte_what_the_golden_files_say()
    {
        var disk = new SimulatedDisk();
        await using var log = FileLog.Open("/data", new LogOptions { Partitions = 1, DuplicateWindow = 100 }, disk, new ManualTime());
        var store = new DirectoryCaptureStore("/capture", disk);
        using (var batch = new EventBatch())
        {
            batch.Add(new CloudEvent
            {
                Id = "1",
                Source = "/s",
                Type = "t",
                Subject = "sub",
                Time = "2026-01-02T03:04:05+01:00",
                DataSchema = "https://x.example/s",
                Extensions = [new EventExtension("n", "7", EventExtensionKind.Integer), new EventExtension("text", "é")],
                DataKind = EventDataKind.Json,
                Data = "{\"a\":1}"u8.ToArray(),
            });
            batch.Add(new CloudEvent { Id = "2", Source = "/s", Type = "t", DataContentType = "image/png", DataKind = EventDataKind.Binary, Data = new byte[] { 1, 2, 3 } });
            batch.Add(new CloudEvent { Id = "3", Source = "/s", Type = "t" });
            await log.AppendAsync(batch);
        }
        var options = new CaptureOptions();
        var report = await new LogCapture(log, await CapturedLog.OpenAsync(store, log, options), store, options, new ManualTime()).CaptureAllAsync();
        Assert.Equal(["kappa/log/0/2026/01/02/03/04/05.avro"], report.Files);
        GoldenBytes.Check("Capture", "file", disk.Bytes("/capture/kappa/log/0/2026/01/02/03/04/05.avro"));
        GoldenBytes.Check("Capture", "index", disk.Bytes("/capture/kappa/log/0/2026/01/02/03/04/05.index"));
    }

    private static string Whole(RecordedEvent recorded) => $"{recorded.Position} {recorded.AppendedTicks} {Convert.ToHexString(recorded.Record.Span)}";
}
