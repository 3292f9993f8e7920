using Kappa.Contracts;
using Kappa.Events;
using Kappa.Grains.Auditing;
using Kappa.Log;

namespace Kappa.Grains.Tests;

/// <summary>What an auditor holds in memory is bounded, whatever part of the log its view takes.</summary>
public sealed class AuditWindowTests
{
    private const int Events = 240, EventBytes = 200 << 10;

    [Fact]
    public async Task Pages_that_no_instance_needs_an_event_of_are_not_held()
    {
        await using var log = await LogAsync(takenEvery: int.MaxValue);
        using var window = await ReadAsync(log);
        Assert.Equal((Events, 0L, 0), (window.Next, window.Bytes, window.Keys.Count));
    }

    [Fact]
    public async Task A_window_ends_where_the_pages_that_it_holds_are_too_much_though_few_of_their_events_are_needed()
    {
        await using var log = await LogAsync(takenEvery: 3);
        using var window = await ReadAsync(log);
        Assert.InRange(window.Bytes, 31 << 20, 33 << 20);
        Assert.InRange(window.Next, 1, Events - 1);
        Assert.Equal((window.Next + 2) / 3, window.Question("a", withEvents: true).Events!.Read().Count);
    }

    private static async Task<AuditWindow> ReadAsync(MemoryLog log)
    {
        var reader = WindowReader.Of(new AccountView(key: e => e.Account == "a" ? "a" : null), AccountView.Types().Seal(), log);
        using var duplicates = await DuplicateFilter.OpenAsync(log, 0, 0, 0);
        return await reader.ReadAsync(0, duplicates, Events, Events, CancellationToken.None);
    }

    private static async Task<MemoryLog> LogAsync(int takenEvery)
    {
        var log = new MemoryLog(partitions: 1);
        var types = AccountView.Types();
        var note = new string('n', EventBytes);
        foreach (var part in Enumerable.Range(0, Events).Chunk(20))
        {
            using var batch = new EventBatch();
            foreach (var i in part)
                batch.Add(CloudEvent.Of(types, new Credited(i % takenEvery == 0 && takenEvery < Events ? "a" : "other", 1, note), $"e{i}", "/tests"));
            await log.AppendAsync(batch);
        }
        return log;
    }
}
