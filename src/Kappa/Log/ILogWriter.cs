using Kappa.Events;

namespace Kappa.Log;

/// <summary>Appends to the log. Safe to call from any thread; appends of one caller that awaits each keep their order.</summary>
public interface ILogWriter
{
    /// <summary>
    /// Appends a batch. Atomic per partition: of the events that go to one partition all are stored or none. When the
    /// task completes with <see cref="AppendStatus.Appended"/> they are durable. An event whose (source, id) stands
    /// within the duplicate window of its partition is not stored again; it counts as a duplicate and the receipt covers
    /// the first one. The batch may be disposed once the task has completed. Cancelling does not undo what was queued.
    /// </summary>
    /// <exception cref="LogUnavailableException">The log cannot store now (disk full, I/O error). What was asked may be
    /// stored in part; append the same events again, duplicates are dropped.</exception>
    ValueTask<AppendResult> AppendAsync(EventBatch batch, CancellationToken cancellationToken = default);
}
