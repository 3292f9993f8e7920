using Kappa.Cli.Import;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests;

namespace Kappa.Grains.Tests;

/// <summary>The real shop's invoices and the real games, as the importer makes them; nothing where the files are missing.</summary>
internal static class RealEvents
{
    public static List<CloudEvent> Shop(EventTypes types) => Read("online-retail", stream => RetailInvoices.Events(stream, types), int.MaxValue);

    public static List<CloudEvent> Games(EventTypes types, int take) => Read("lichess", stream => LichessGames.Events(stream, types), take);

    /// <summary>The same events, many customers and games at a time; each one's keep their order.</summary>
    public static List<CloudEvent> Interleaved(List<CloudEvent> events, int seed)
    {
        var random = new Random(seed);
        // Each subject begins at a random moment, and its events follow at random steps.
        var at = new Dictionary<string, double>(StringComparer.Ordinal);
        return [.. events.Select(one => (Event: one, At: at[one.Subject!] = (at.TryGetValue(one.Subject!, out var before) ? before : random.NextDouble()) + random.NextDouble() / 500))
            .OrderBy(one => one.At).Select(one => one.Event)];
    }

    /// <summary>Appends in small batches, telling of each.</summary>
    public static async Task AppendAsync(ILogWriter log, IEnumerable<CloudEvent> events, int batchSize, Func<Receipt, Task>? appended = null)
    {
        foreach (var some in events.Chunk(batchSize))
        {
            using var batch = new EventBatch();
            foreach (var one in some)
                batch.Add(one);
            var result = await log.AppendAsync(batch);
            Assert.Equal(AppendStatus.Appended, result.Status);
            if (appended is not null)
                await appended(result.Receipt);
        }
    }

    private static List<CloudEvent> Read(string folder, Func<StreamReader, IEnumerable<CloudEvent>> read, int take)
    {
        var events = new List<CloudEvent>();
        if (SharedData.Find(folder) is { } found)
            foreach (var file in Directory.GetFiles(found).Order(StringComparer.Ordinal))
            {
                using var stream = SharedData.OpenGzip(file);
                events.AddRange(read(stream).Take(take - events.Count));
            }
        return events;
    }
}
