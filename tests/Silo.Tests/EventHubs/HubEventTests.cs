using System.Text;
using Azure.Messaging.EventHubs;
using Kappa.Events;
using Kappa.Tests.Log;

namespace Kappa.Tests.EventHubs;

/// <summary>How events travel through a hub, ours and those of others.</summary>
public sealed class HubEventTests
{
    [Fact]
    public async Task Events_travel_in_the_binary_mode_of_the_amqp_binding()
    {
        var hub = new TestHub();
        await using var log = await hub.LogAsync();
        using var batch = new EventBatch();
        batch.Add(new CloudEvent
        {
            Id = "i", Source = "/s", Type = "t", Subject = "sub", Time = "2026-01-02T03:04:05.1+01:00", DataContentType = "application/json", DataSchema = "http://x/y",
            Extensions = [new EventExtension("count", "7", EventExtensionKind.Integer), new EventExtension("partitionkey", "k")],
            DataKind = EventDataKind.Json, Data = "{\"a\":1}"u8.ToArray(),
        });
        var result = await log.AppendAsync(batch);
        var stored = Assert.Single(hub[0].Events);
        Assert.Equal(("application/json", "{\"a\":1}"), (stored.ContentType, stored.EventBody.ToString()));
        Assert.Equal(new Dictionary<string, object>
        {
            ["cloudEvents:specversion"] = "1.0", ["cloudEvents:id"] = "i", ["cloudEvents:source"] = "/s", ["cloudEvents:type"] = "t",
            ["cloudEvents:subject"] = "sub", ["cloudEvents:time"] = "2026-01-02T03:04:05.1+01:00", ["cloudEvents:dataschema"] = "http://x/y",
            ["cloudEvents:count"] = "7", ["cloudEvents:partitionkey"] = "k", ["kappa:kinds"] = "20",
            ["kappaappend"] = result.Receipt.Marks[0].Append.ToString("N"),
        }, stored.Properties);
    }

    [Fact]
    public async Task Every_kind_of_event_comes_back_byte_by_byte()
    {
        await using var log = await new TestHub().LogAsync();
        using var batch = new EventBatch();
        var contentTypes = new[] { null, "application/json", "text/plain", "application/vnd.x+json; charset=utf-8" };
        foreach (var kind in Enum.GetValues<EventDataKind>())
            foreach (var contentType in contentTypes)
                foreach (var data in kind == EventDataKind.None ? [""] : kind == EventDataKind.Json ? ["{\"a\":[1,2]}", "7"] : new[] { "", "\0\u00ff", "{}" })
                    batch.Add(new CloudEvent
                    {
                        Id = $"{batch.Count} ä😀", Source = "/s", Type = "t", Subject = batch.Count % 2 == 0 ? null : "Łódź", DataContentType = contentType, DataKind = kind,
                        Data = Encoding.Latin1.GetBytes(data), Time = batch.Count % 3 == 0 ? null : "2026-01-02t03:04:05.1234567891z",
                        Extensions = batch.Count % 5 == 0 ? [] : [new EventExtension("z", "true", EventExtensionKind.Boolean), new EventExtension("a", "x y"), new EventExtension("n", "-5", EventExtensionKind.Integer)],
                    });
        Assert.Equal($"0:{batch.Count}", (await log.CutAsync(await log.AppendAsync(batch))).ToString());
        using var page = await log.ReadAsync(0, 0, 1 << 20);
        for (var i = 0; i < batch.Count; i++)
            Assert.True(batch.Record(i).SequenceEqual(page.Events[i].Record.Span), $"{page.Events[i]} is not as it was");
    }

    [Fact]
    public async Task Events_of_others_are_one_each_whatever_they_are()
    {
        var hub = new TestHub();
        await using var log = await hub.LogAsync();
        var structured = new EventData("""{"specversion":"1.0","id":"i","source":"/s","type":"t","data":{"a":1}}""") { ContentType = "application/cloudevents+json" };
        var several = new EventData("""[{"specversion":"1.0","id":"1","source":"/s","type":"t"},{"specversion":"1.0","id":"2","source":"/s","type":"t"}]""") { ContentType = "application/cloudevents-batch+json" };
        var broken = new EventData("x") { Properties = { ["cloudEvents:specversion"] = "1.0", ["cloudEvents:id"] = "i" } };
        var numbers = new EventData(new byte[] { 1, 2 }) { Properties = { ["n"] = 5, ["f"] = 0.5f, ["when"] = DateTimeOffset.UnixEpoch, ["id"] = Guid.Empty, ["none"] = null } };
        var typed = new EventData("7") { ContentType = "application/json", Properties = { ["cloudEvents:specversion"] = "1.0", ["cloudEvents:id"] = "j", ["cloudEvents:source"] = "/s", ["cloudEvents:type"] = "t", ["cloudEvents:count"] = 3, ["cloudEvents:flag"] = true } };
        hub[0].Store([structured, several, broken, numbers, typed]);
        await log.RefreshAsync();
        using var page = await log.ReadAsync(0, 0, 1 << 20);
        var events = page.Events.ToArray();
        Assert.Equal(["i", "0:1", "0:2", "0:3", "j"], events.Select(recorded => recorded.IdText()));
        Assert.Equal("/eventhub/test/hub", Encoding.UTF8.GetString(events[1].Source));
        Assert.Equal("it holds 2 events", Extension(events[1], "eventhubproblem"));
        Assert.StartsWith("type: ", Extension(events[2], "eventhubproblem"), StringComparison.Ordinal);
        Assert.Equal("""{"n":5,"f":0.5,"when":0,"id":"00000000-0000-0000-0000-000000000000","none":null}""", Extension(events[3], "eventhubproperties"));
        Assert.Equal(("3", "true"), (Extension(events[4], "count"), Extension(events[4], "flag")));

        static string? Extension(RecordedEvent recorded, string name) =>
            recorded.Extensions.TryGet(Encoding.UTF8.GetBytes(name), out var value) ? Encoding.UTF8.GetString(value) : null;
    }
}
