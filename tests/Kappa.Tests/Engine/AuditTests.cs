using System.Buffers;
using Kappa.Contracts;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests.Engine;

/// <summary>The proof must fail when something is wrong: views are built from a log that lies, then audited against the true one.</summary>
public sealed class AuditTests
{
    [Theory]
    [InlineData("none", true)]
    [InlineData("lost", false)]
    [InlineData("swapped", false)]
    [InlineData("wrong key", false)]
    public async Task The_audit_finds_what_a_lying_log_made_of_a_view(string fault, bool complete)
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(new Credited("a", 1), new Credited("a", 2), new Credited("b", 4));
        await harness.CaughtUpAsync();
        await harness.Engine.DisposeAsync();
        harness.Disk = new();
        var lying = new LyingLog(harness.Log, harness.Types, fault);
        await using (var engine = Kappa.Engine.ViewEngine.Open(lying, harness.Types, [new AccountView()], "/views", harness.Options, harness.Disk))
        {
            var end = new Receipt(new Cut([.. Enumerable.Range(0, 4).Select(harness.Log.Next)]));
            for (var i = 0; i < 16; i++)
                await engine.ReadAsync("account", $"any{i}", end, EngineHarness.Patience);
        }
        await harness.RestartAsync();
        var audit = await harness.Engine.AuditAsync("account");
        Assert.Equal(complete, audit.Complete);
        Assert.Equal(complete, audit.Problems.Count == 0);
        Assert.Equal(3, audit.Routed);
    }

    /// <summary>Passes a log on, with one event replaced.</summary>
    private sealed class LyingLog(MemoryLog log, EventTypes types, string fault) : ILogReader
    {
        public long LogId => log.LogId;
        public int PartitionCount => log.PartitionCount;
        public long First(int partition) => log.First(partition);
        public long Next(int partition) => log.Next(partition);
        public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) => log.WaitAsync(partition, sequence, cancellationToken);

        public async ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
        {
            // The true page is left to the garbage collector, since its events go on.
            var page = await log.ReadAsync(partition, from, bytesMax, cancellationToken);
            var events = ArrayPool<RecordedEvent>.Shared.Rent(page.Count);
            for (var i = 0; i < page.Count; i++)
                events[i] = Falsify(page.Events[i]);
            return new LogPage(null, events, page.Count, page.Next);
        }

        private RecordedEvent Falsify(in RecordedEvent recorded)
        {
            if (types.Find(recorded.Type)!.Decode(recorded.Data.Span) is not Credited { Account: "a", Amount: 2 } credited)
                return recorded;
            return fault switch
            {
                "none" => recorded,
                "lost" => With(recorded, new Closed("nobody"), recorded.Position),
                // The right number of events for the key, but one of them is another.
                "swapped" => With(recorded, credited, recorded.Position with { Sequence = recorded.Position.Sequence + 1_000 }),
                _ => With(recorded, credited with { Account = "b" }, recorded.Position),
            };
        }

        private RecordedEvent With(in RecordedEvent recorded, object record, Position position)
        {
            using var batch = new EventBatch();
            batch.Add(CloudEvent.Of(types, record, "x", "/tests"));
            return new RecordedEvent(batch.Record(0).ToArray(), position, recorded.AppendedTicks);
        }
    }
}
