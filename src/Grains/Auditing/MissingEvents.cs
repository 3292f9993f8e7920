using Kappa.Engine.History;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Grains.Auditing;

/// <summary>The events of an auditor's question: those that came along, or else from the log.</summary>
internal sealed class MissingEvents(AuditQuestion question, ILogReader log) : IDisposable
{
    private readonly Dictionary<long, RecordedEvent>? _along = question.Events?.Read().ToDictionary(recorded => recorded.Position.Sequence);
    private EventFetcher? _fetcher;

    public async ValueTask<RecordedEvent> GetAsync(long sequence) => _along?.TryGetValue(sequence, out var recorded) == true
        ? recorded
        : await (_fetcher ??= new EventFetcher(log)).GetAsync(new Position(question.Partition, sequence), CancellationToken.None);

    public void Dispose() => _fetcher?.Dispose();
}
