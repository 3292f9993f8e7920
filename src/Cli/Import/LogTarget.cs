using System.Text;
using System.Text.Json;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Cli.Import;

/// <summary>A log in a data directory, opened by this process; no host may run on it meanwhile.</summary>
internal sealed class LogTarget : IImportTarget
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    private readonly FileLog _log;
    private readonly EventTypes _types = ShippedViews.Events();

    public LogTarget(string dataDirectory)
    {
        Name = dataDirectory;
        _log = FileLog.Open(Path.Combine(dataDirectory, "log"), new LogOptions());
    }

    public string Name { get; }

    public Task<TargetLog> LookAsync(CancellationToken cancellationToken) => Task.FromResult(new TargetLog(
        $"{_log.LogId}", Enumerable.Range(0, _log.PartitionCount).Sum(_log.Next)));

    public async Task<Appended> AppendAsync(IReadOnlyList<ImportedEvent> events, CancellationToken cancellationToken)
    {
        using var batch = new EventBatch();
        Fill(batch, events);
        while (true)
        {
            var result = await _log.AppendAsync(batch, cancellationToken);
            if (result.Status == AppendStatus.Appended)
                return new Appended(result.Appended, result.Duplicates);
            await Task.Delay(_pause, cancellationToken);
        }
    }

    /// <summary>Takes the events into the batch by the rules by which a host takes them: good CloudEvents, and data that fits its type.</summary>
    private void Fill(EventBatch batch, IReadOnlyList<ImportedEvent> events)
    {
        foreach (var one in events)
        {
            var made = CloudEventJson.Read(one.Json.Span);
            try
            {
                batch.Add(made);
                if (made.DataKind == EventDataKind.Json && _types.Find(Encoding.UTF8.GetBytes(made.Type)) is { } type)
                {
                    var reader = new Utf8JsonReader(made.Data.Span);
                    reader.Read();
                    type.Validate(ref reader);
                }
            }
            catch (Exception e) when (e is EventRejectedException or EventDataException)
            {
                throw new CliException(ExitCode.Failed, $"event {made.Id} of {made.Source} is refused: {e.Message}", e);
            }
        }
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();
}
