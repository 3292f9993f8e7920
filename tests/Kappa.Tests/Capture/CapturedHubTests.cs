using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Log;

namespace Kappa.Tests.Capture;

/// <summary>The archive that Event Hubs Capture writes of a hub, read as the part of a log that retention removed.</summary>
public sealed class CapturedHubTests
{
    private readonly HubArchive _archive = new();

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(1_000_000)]
    public async Task Files_are_read_as_one_from_any_sequence_on(int bytesMax)
    {
        await _archive.FillAsync((0, 5), (5, 0), (5, 1), (6, 0), (6, 0), (6, 10), (16, 4), (20, 0));
        await using var hub = await _archive.OpenAsync();
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
        await _archive.FillAsync((7, 3));
        await using var hub = await _archive.OpenAsync();
        Assert.Equal(7, hub.First(0));
        using (var page = await hub.ReadAsync(0, 7, 10_000))
            Assert.Equal(10, page.Next);
        using (var page = await hub.ReadAsync(0, 10, 10_000))
            Assert.Equal(0, page.Count);
        await _archive.WriteAsync(50, 10, 2);
        using (var page = await hub.ReadAsync(0, 10, 10_000))
            Assert.Equal(12, page.Next);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await hub.ReadAsync(0, 6, 1));
    }

    [Fact]
    public async Task Events_that_were_captured_twice_are_read_once()
    {
        await _archive.FillAsync((0, 5), (3, 4), (0, 7), (7, 1));
        await using var hub = await _archive.OpenAsync();
        using var page = await hub.ReadAsync(0, 0, 100_000);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"id {i}"), page.Events.ToArray().Select(recorded => recorded.IdText()));
    }

    [Fact]
    public async Task A_file_that_is_missing_is_an_error_that_names_its_place()
    {
        await _archive.FillAsync((0, 5), (8, 2));
        await using var hub = await _archive.OpenAsync();
        using (var page = await hub.ReadAsync(0, 2, 1))
            Assert.Equal(3, page.Next);
        var error = await Assert.ThrowsAsync<LogCorruptException>(async () => await hub.ReadAsync(0, 5, 1));
        Assert.Contains("no file holds 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_append_time_is_that_of_the_hub_to_the_millisecond_and_foreign_events_are_one_each()
    {
        var batch = """[{"specversion":"1.0","id":"1","source":"/s","type":"t"},{"specversion":"1.0","id":"2","source":"/s","type":"t"}]"""u8.ToArray();
        await _archive.WriteAsync("2026/01/02/03/00/00", AvroFiles.Event(0, [1], [("x-opt-enqueued-time", 1_670_604_685_123L)]),
            AvroFiles.Event(1, batch, [("content-type", "application/cloudevents-batch+json")]),
            AvroFiles.Event(2, [], [], ("cloudEvents:specversion", "1.0"), ("cloudEvents:id", "i")),
            AvroFiles.Event(3, null, [], ("big", new string('x', 10_000))));
        await using var hub = await _archive.OpenAsync();
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
        await _archive.FillAsync((0, 5), (5, 5));
        await using var hub = await _archive.OpenAsync();
        var tiered = new TieredLog(new TrimmedLog(8, 20), hub);
        Assert.Equal((0, 20), (tiered.First(0), tiered.Next(0)));
        using (var page = await tiered.ReadAsync(0, 3, 1))
            Assert.Equal("id 3", page.Events[0].IdText());
        using (var page = await tiered.ReadAsync(0, 8, 1))
            Assert.Equal(9, page.Next);
        var gap = new TieredLog(new TrimmedLog(12, 20), hub);
        Assert.Contains("Files of the capture are missing", (await Assert.ThrowsAsync<LogCorruptException>(async () => await gap.ReadAsync(0, 10, 1))).Message, StringComparison.Ordinal);
    }
}
