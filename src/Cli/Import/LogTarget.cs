using System.Text;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Cli.Import;

/// <summary>A log in a data directory, opened by this process; no host may run on it meanwhile.</summary>
internal sealed class LogTarget : IImportTarget
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    private readonly FileLog _log;
    private readonly CloudEventReader _reader;

    public LogTarget(string dataDirectory)
    {
        Name = dataDirectory;
        var options = new LogOptions();
        _log = FileLog.Open(Path.Combine(dataDirectory, "log"), options);
        _reader = new CloudEventReader(ShippedViews.Events(), UnknownTypes.Accept, options.EventBytesMax, options.RequestEventsMax);
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

    /// <summary>Takes the events into the batch by the rules by which a host takes them.</summary>
    private void Fill(EventBatch batch, IReadOnlyList<ImportedEvent> events)
    {
        var problems = new List<EventProblem>();
        foreach (var one in events)
            if (_reader.ReadOne(one.Json.Span, batch, problems) != EventReadResult.Ok)
                throw new CliException(ExitCode.Failed,
                    $"an event is refused, {problems[0].Field}: {problems[0].Reason}\n  {Encoding.UTF8.GetString(one.Json.Span)}");
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();
}
