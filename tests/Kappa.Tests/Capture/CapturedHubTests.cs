using Kappa.Capture;
using Kappa.Capture.Avro;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Tests.Log;

namespace Kappa.Tests.Capture;

/// <summary>The archive that Event Hubs Capture writes of a hub, read as the part of a log that retention removed.</summary>
public sealed class CapturedHubTests
{
    private readonly SimulatedDisk _disk = new();

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(1_000_000)]
    public async Task Files_are_read_as_one_from_any_sequence_on(int bytesMax)
    {
        await FillAsync((0, 5), (5, 0), (5, 1), (6, 0), (6, 0), (6, 10), (16, 4), (20, 0));
        await using var hub = await OpenAsync();
        Assert.Equal((false, 0, true), (hub.IsEmpty(0), hub.First(0), hub.IsEmpty(1)));
        for (var from = 0L; from < 20; from += from < 7 ? 1 : 3)
        {
            var at = from;
            while (at < 20)
            {
                using var page = await hub.ReadAsync(0, at, bytesMax);
                Assert.NotEqual(0, page.Count);
                foreach (var recorded in page.Events)
                    Assert.Equal((new Position(0, at), $"id {at++}"), (recorded.Position, recorded.IdText()));
                Assert.Equal(at, page.Next);
            }
            using var end = await hub.ReadAsync(0, at, bytesMax);
            Assert.Equal((0, 20L), (end.Count, end.Next));
        }
    }

    [Fact]
    public async Task What_is_captured_later_is_found()
    {
        await FillAsync((7, 3));
        await using var hub = await OpenAsync();
        Assert.Equal(7, hub.First(0));
        using (var page = await hub.ReadAsync(0, 7, 10_000))
            Assert.Equal(10, page.Next);
        using (var page = await hub.ReadAsync(0, 10, 10_000))
            Assert.Equal(0, page.Count);
        await WriteAsync(50, 10, 2);
        using (var page = await hub.ReadAsync(0, 10, 10_000))
            Assert.Equal(12, page.Next);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await hub.ReadAsync(0, 6, 1));
    }

    [Fact]
    public async Task Events_that_were_captured_twice_are_read_once()
    {
        await FillAsync((0, 5), (3, 4), (0, 7), (7, 1));
        await using var hub = await OpenAsync();
        using var page = await hub.ReadAsync(0, 0, 100_000);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"id {i}"), page.Events.ToArray().Select(recorded => recorded.IdText()));
    }

    [Fact]
    public async Task A_file_that_is_missing_is_an_error_that_names_its_place()
    {
        await FillAsync((0, 5), (8, 2));
        await using var hub = await OpenAsync();
        using (var page = await hub.ReadAsync(0, 2, 1))
            Assert.Equal(3, page.Next);
        var error = await Assert.ThrowsAsync<LogCorruptException>(async () => await hub.ReadAsync(0, 5, 1));
        Assert.Contains("no file holds 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_append_time_is_that_of_the_hub_to_the_millisecond_and_foreign_events_are_one_each()
    {
        var batch = """[{"specversion":"1.0","id":"1","source":"/s","type":"t"},{"specversion":"1.0","id":"2","source":"/s","type":"t"}]"""u8.ToArray();
        await WriteAsync("2026/01/02/03/00/00", AvroFiles.Event(0, [1], [("x-opt-enqueued-time", 1_670_604_685_123L)]),
            AvroFiles.Event(1, batch, [("content-type", "application/cloudevents-batch+json")]),
            AvroFiles.Event(2, [], [], ("cloudEvents:specversion", "1.0"), ("cloudEvents:id", "i")),
            AvroFiles.Event(3, null, [], ("big", new string('x', 10_000))));
        await using var hub = await OpenAsync();
        using var page = await hub.ReadAsync(0, 0, 100_000);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_670_604_685_123), page.Events[0].Appended);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), page.Events[1].Appended);
        var events = page.Events.ToArray();
        Assert.Equal(["0:0", "0:1", "0:2", "0:3"], events.Select(recorded => recorded.IdText()));
        Assert.All(events, recorded => Assert.Equal("/eventhub/space/hub", recorded.Source.Text()));
        Assert.Equal(["", "it holds 2 events", "type: is required and must not be empty"], events[..3].Select(Problem));
        Assert.Contains("eventhubproperties", Problem(events[3]), StringComparison.Ordinal);
        Assert.Equal((EventDataKind.Json, EventDataKind.None), (events[1].DataKind, events[3].DataKind));

        static string Problem(RecordedEvent recorded) => recorded.Extensions.TryGet("eventhubproblem"u8, out var problem) ? problem.Text() : "";
    }

    [Fact]
    public async Task Behind_a_log_it_gives_what_retention_removed()
    {
        await FillAsync((0, 5), (5, 5));
        await using var hub = await OpenAsync();
        var tiered = new TieredLog(new Trimmed(8, 20), hub);
        Assert.Equal((0, 20), (tiered.First(0), tiered.Next(0)));
        using (var page = await tiered.ReadAsync(0, 3, 1))
            Assert.Equal("id 3", page.Events[0].IdText());
        using (var page = await tiered.ReadAsync(0, 8, 1))
            Assert.Equal(9, page.Next);
        var gap = new TieredLog(new Trimmed(12, 20), hub);
        Assert.Contains("Files of the capture are missing", (await Assert.ThrowsAsync<LogCorruptException>(async () => await gap.ReadAsync(0, 10, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_is_older_than_the_first_file_finds_it_once_the_hub_has_removed_what_is_in_it()
    {
        var clock = new SteppedTime();
        await using var hub = await OpenAsync(clock);
        var tiered = new TieredLog(new Trimmed(8, 20), hub);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await tiered.ReadAsync(0, 0, 1));
        Assert.Equal(8, tiered.First(0));
        await FillAsync((0, 5), (5, 5));
        // Whoever asks again and again does not make the store be listed each time.
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await tiered.ReadAsync(0, 0, 1));
        clock.Pass(TimeSpan.FromSeconds(11));
        using (var page = await tiered.ReadAsync(0, 0, 1))
            Assert.Equal("id 0", page.Events[0].IdText());
        Assert.Equal(0, tiered.First(0));
    }

    [Fact]
    public async Task A_process_that_is_older_than_the_first_file_finds_it_even_if_nobody_asks()
    {
        var clock = new SteppedTime();
        await using var hub = await OpenAsync(clock);
        await FillAsync((3, 5));
        clock.Pass(TimeSpan.FromMinutes(1));
        Assert.True(SpinWait.SpinUntil(() => !hub.IsEmpty(0), TimeSpan.FromSeconds(30)));
        Assert.Equal(3, hub.First(0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public async Task Files_are_found_by_day_over_weeks_and_years_without_any(int bytesMax)
    {
        string[] days = ["2019/12/31", "2020/01/01", "2020/02/29", "2020/03/01", "2020/03/02", "2023/07/14", "2024/01/01", "2026/01/01"];
        for (var day = 0; day < days.Length; day++)
            for (var hour = 0; hour < 3; hour++)
                await WriteAsync($"{days[day]}/{hour:D2}/00/00", day * 6 + hour * 2, 2);
        await using var hub = await OpenAsync(new SteppedTime());
        foreach (var from in new[] { 0, 47, 5, 6, 29, 30, 35, 36, 12, 3, 41, 18 })
        {
            var at = (long)from;
            while (at < 48)
            {
                using var page = await hub.ReadAsync(0, at, bytesMax);
                Assert.Equal(new Position(0, at), page.Events[0].Position);
                at = page.Next;
            }
            Assert.Equal(48, at);
        }
        // The day is over, and the next one has begun, since the last one was listed.
        await WriteAsync("2026/01/01/23/59/00", 48, 2);
        await WriteAsync("2026/01/02/00/01/00", 50, 1);
        for (var at = 48L; at < 51;)
        {
            using var page = await hub.ReadAsync(0, at, bytesMax);
            Assert.NotEqual(0, page.Count);
            at = page.Next;
        }
    }

    [Fact]
    public async Task Opening_asks_for_the_first_files_only_and_reading_for_the_days_that_it_comes_to()
    {
        for (var day = 1; day <= 28; day++)
            for (var hour = 0; hour < 24; hour++)
                await WriteAsync($"2025/06/{day:D2}/{hour:D2}/00/00", (day - 1) * 24 + hour, 1);
        var store = new CountingStore(new DirectoryCaptureStore("/capture", _disk));
        await using var hub = await CapturedHub.OpenAsync(store, "space", "hub", 1, new SteppedTime());
        Assert.InRange(store.Names, 1, 24 + 2);
        store.Names = 0;
        using var page = await hub.ReadAsync(0, 27 * 24 + 13, 1);
        Assert.Equal(27 * 24 + 13, page.Events[0].Position.Sequence);
        Assert.InRange(store.Names, 1, 24 * 12);
    }

    [Fact]
    public async Task A_file_that_comes_back_from_a_backup_is_read()
    {
        await FillAsync((0, 5));
        await WriteAsync(2, 8, 2);
        await using var hub = await OpenAsync();
        await Assert.ThrowsAsync<LogCorruptException>(async () => await hub.ReadAsync(0, 5, 1));
        await WriteAsync(1, 5, 3);
        using var page = await hub.ReadAsync(0, 5, 100_000);
        Assert.Equal(10, page.Next);
    }

    private Task<CapturedHub> OpenAsync(TimeProvider? time = null) => CapturedHub.OpenAsync(new DirectoryCaptureStore("/capture", _disk), "space", "hub", 2, time);

    private async Task FillAsync(params (int First, int Count)[] files)
    {
        for (var i = 0; i < files.Length; i++)
            await WriteAsync(i, files[i].First, files[i].Count);
    }

    private Task WriteAsync(int minute, int first, int count) => WriteAsync($"2026/01/02/03/{minute:D2}/00", first, count);

    private Task WriteAsync(string place, int first, int count) => WriteAsync(place, [.. Enumerable.Range(first, count).Select(sequence =>
        AvroFiles.Event(sequence, "{}"u8.ToArray(), [], ("cloudEvents:specversion", "1.0"), ("cloudEvents:id", $"id {sequence}"), ("cloudEvents:source", "/s"), ("cloudEvents:type", "t")))]);

    private async Task WriteAsync(string place, params Action<AvroBuffer>[] events)
    {
        await using var upload = await new DirectoryCaptureStore("/capture", _disk).CreateAsync($"space/hub/0/{place}.avro");
        await upload.WriteAsync(AvroFiles.Make(CaptureHeader.OwnSchema, null, events));
        await upload.CompleteAsync();
    }

    /// <summary>A log whose older events are gone.</summary>
    private sealed class Trimmed(long first, long next) : ILogReader
    {
        public long LogId => 1;
        public int PartitionCount => 1;
        public long First(int partition) => first;
        public long Next(int partition) => next;

        public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default) => new(LogPage.Empty(from + 1));

        public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) => default;
    }
}
