using Kappa.Bench.Workloads;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Bench.Measures;

/// <summary>Callers of the log in this process: each reads a batch from its JSON and appends it, once the one before was acknowledged.</summary>
internal static class Appenders
{
    public const int Count = 16, BatchEvents = 500;

    /// <summary>Appends all batches and returns once each is acknowledged; throws unless every event was stored once.</summary>
    public static async Task AppendAllAsync(byte[][] batches, int events, ILogWriter log, CloudEventReader reader)
    {
        var next = -1;
        var appended = 0L;
        await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => Task.Run(async () =>
        {
            using var batch = new EventBatch(256 << 10);
            for (int i; (i = Interlocked.Increment(ref next)) < batches.Length; batch.Clear())
                Interlocked.Add(ref appended, await AppendAsync(batches[i], batch, log, reader));
        })));
        if (appended != events)
            throw new InvalidOperationException($"{events} events were appended, but the log says that it stored {appended}.");
    }

    private static async Task<int> AppendAsync(byte[] json, EventBatch batch, ILogWriter log, CloudEventReader reader)
    {
        Read(json, batch, reader);
        while (true)
        {
            var result = await log.AppendAsync(batch);
            if (result.Status == AppendStatus.Appended)
                return result.Appended;
            await Task.Delay(1);
        }
    }

    private static void Read(byte[] json, EventBatch batch, CloudEventReader reader)
    {
        var problems = new List<EventProblem>();
        if (reader.ReadBatch(json, batch, problems) != EventReadResult.Ok)
            throw new InvalidOperationException($"The workload was refused: {problems[0]}");
    }
}
