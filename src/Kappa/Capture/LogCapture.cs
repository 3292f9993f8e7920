using Kappa.Diagnostics;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>
/// Captures a log, and retires what is captured. A file is written, read back and compared with the log event by event; only
/// then may the segments that it covers go. Whatever fails is a problem of its partition, told and tried again at the next
/// round; nothing of it is retired meanwhile. Used by one caller at a time; memory is bounded by a block and a page.
/// </summary>
public sealed class LogCapture
{
    private const int PageBytes = 512 << 10;

    /// <summary>A segment is sealed once its first event has this part of the retention, so that old events do not wait for young ones.</summary>
    private const int SealPart = 8;

    private readonly FileLog _log;
    private readonly CapturedLog _captured;
    private readonly ICaptureStore _store;
    private readonly CaptureOptions _options;
    private readonly TimeProvider _time;
    private readonly CaptureVerification _verification;
    private readonly long[] _verified;
    private IReadOnlyList<string> _problems = [];

    /// <param name="captured">The capture of this log, in this store.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public LogCapture(FileLog log, CapturedLog captured, ICaptureStore store, CaptureOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(captured);
        if (options.Validate() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
        (_log, _captured, _store, _options, _time) = (log, captured, store, options, time ?? TimeProvider.System);
        _verification = new CaptureVerification(log, store);
        _verified = [.. Enumerable.Range(0, log.PartitionCount).Select(log.First)];
    }

    /// <summary>What went wrong in the last round, a sentence each; empty if nothing did. Thread-safe.</summary>
    public IReadOnlyList<string> Problems => Volatile.Read(ref _problems);

    /// <summary>How many events of each partition are not captured yet. Thread-safe.</summary>
    public IReadOnlyList<long> Lags =>
        [.. Enumerable.Range(0, _log.PartitionCount).Select(partition => Math.Max(0, _log.Next(partition) - Math.Max(_captured.Next(partition), _log.First(partition))))];

    /// <summary>Captures what is old or large enough, and retires what may go.</summary>
    public Task<CaptureReport> RunAsync(CancellationToken cancellationToken = default) => RunAsync(everything: false, cancellationToken);

    /// <summary>Captures all there is, however young, and retires what may go.</summary>
    public Task<CaptureReport> CaptureAllAsync(CancellationToken cancellationToken = default) => RunAsync(everything: true, cancellationToken);

    private async Task<CaptureReport> RunAsync(bool everything, CancellationToken cancellationToken)
    {
        var (files, problems) = (new List<string>(), new List<string>());
        var (events, bytes, retired) = (0L, 0L, 0L);
        for (var partition = 0; partition < _log.PartitionCount; partition++)
            try
            {
                // What is appended meanwhile is for the next round, lest one partition keep the others waiting.
                var until = _log.Next(partition);
                while (await IsDueAsync(partition, until, everything, cancellationToken).ConfigureAwait(false))
                {
                    var (path, index) = await WriteAsync(partition, until, cancellationToken).ConfigureAwait(false);
                    files.Add(path);
                    events += index.Next - index.First;
                    bytes += index.FileBytes;
                    KappaMetrics.Captured(index.Next - index.First, index.FileBytes);
                }
                retired += await RetireAsync(partition, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                problems.Add($"Partition {partition} is not captured: {e.Message}");
                KappaMetrics.CaptureFailed();
            }
        Volatile.Write(ref _problems, problems);
        return new CaptureReport(files, events, bytes, retired, problems);
    }

    /// <summary>Whether there is so much, or so old, that a file is to be written.</summary>
    private async ValueTask<bool> IsDueAsync(int partition, long until, bool everything, CancellationToken cancellationToken)
    {
        if (_captured.Problem(partition) is { } problem)
            throw new InvalidOperationException(problem);
        var from = From(partition);
        if (from >= until)
            return false;
        if (everything || _log.BytesFrom(partition, from) >= _options.BytesMax)
            return true;
        using var page = await _log.ReadAsync(partition, from, 1, cancellationToken).ConfigureAwait(false);
        return _time.GetUtcNow() - page.Events[0].Appended >= _options.Every;
    }

    /// <summary>Where the next file begins.</summary>
    private long From(int partition)
    {
        if (_captured.IsEmpty(partition))
            return _log.First(partition) == 0 ? 0
                : throw new InvalidOperationException($"the log begins with sequence {_log.First(partition)}, as what was before was captured, but there is no capture of it here. Is Kappa:Capture:Directory the right one, and mounted? Files of the capture are missing; restore them from a backup.");
        var next = _captured.Next(partition);
        if (next < _log.First(partition))
            throw new InvalidOperationException($"the capture ends before sequence {next}, and the log begins with {_log.First(partition)}. Files of the capture are missing; restore them from a backup.");
        return next <= _log.Next(partition) ? next
            : throw new InvalidOperationException($"the capture reaches up to sequence {next}, beyond the log, which ends before {_log.Next(partition)}. The log was set back; restore it from a backup.");
    }

    private async ValueTask<(string Path, CaptureIndex Index)> WriteAsync(int partition, long until, CancellationToken cancellationToken)
    {
        var from = From(partition);
        LogPage page = await _log.ReadAsync(partition, from, PageBytes, cancellationToken).ConfigureAwait(false);
        CaptureFileWriter? writer = null;
        try
        {
            var second = SecondOf(partition, page.Events[0].AppendedTicks);
            var path = CaptureLayout.PathOf(new CaptureName(_options.Namespace, _options.Hub, FormattableString.Invariant($"{partition}"), second));
            writer = await CaptureFileWriter.CreateAsync(_store, path, new CaptureOrigin(_log.LogId, partition, _log.PartitionCount, from), cancellationToken).ConfigureAwait(false);
            while (true)
            {
                for (var i = 0; i < page.Count && writer.Next < until && writer.Bytes < _options.BytesMax; i++)
                    writer.Add(page.Events[i]);
                await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
                if (writer.Next >= until || writer.Bytes >= _options.BytesMax)
                    break;
                page.Dispose();
                page = LogPage.Empty(writer.Next);
                page = await _log.ReadAsync(partition, writer.Next, PageBytes, cancellationToken).ConfigureAwait(false);
            }
            var index = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            await _verification.RunAsync(partition, path, index, cancellationToken).ConfigureAwait(false);
            _captured.Add(partition, path, second, index);
            if (_verified[partition] >= index.First)
                _verified[partition] = Math.Max(_verified[partition], index.Next);
            return (path, index);
        }
        finally
        {
            page.Dispose();
            if (writer is not null)
                await writer.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The second of the first event; where a file has that already, as much grew within a second, the next.</summary>
    private long SecondOf(int partition, long ticks) =>
        Math.Max(ticks / TimeSpan.TicksPerSecond, _captured.Files(partition) is [.., var last] ? last.Second + 1 : 0);

    /// <summary>Deletes the segments that may go; returns how many events they held.</summary>
    private async ValueTask<long> RetireAsync(int partition, CancellationToken cancellationToken)
    {
        if (_log.Options.Retention is not { } retention || _log.Problem(partition) is not null)
            return 0;
        var now = _time.GetUtcNow().UtcTicks;
        await SealAsync(partition, now - retention.Ticks / SealPart, cancellationToken).ConfigureAwait(false);
        var first = _log.First(partition);
        var (keep, target) = (Math.Min(_captured.Next(partition), _log.Next(partition) - _log.DuplicateWindow), first);
        foreach (var (segment, next) in _log.Sealed(partition))
        {
            if (segment.End.Ticks == 0 || segment.End.Ticks >= now - retention.Ticks || next > keep)
                break;
            target = next;
        }
        if (target == first)
            return 0;
        while (_verified[partition] < target)
        {
            var (file, index) = await _captured.FindAsync(partition, _verified[partition], cancellationToken).ConfigureAwait(false);
            await _verification.RunAsync(partition, file.Path, index, cancellationToken).ConfigureAwait(false);
            _verified[partition] = index.Next;
        }
        _log.Retire(partition, target);
        KappaMetrics.Retired(target - first);
        return target - first;
    }

    private async ValueTask SealAsync(int partition, long before, CancellationToken cancellationToken)
    {
        var open = _log.Sealed(partition) is [.., var last] ? last.Next : _log.First(partition);
        if (open == _log.Next(partition))
            return;
        using var page = await _log.ReadAsync(partition, open, 1, cancellationToken).ConfigureAwait(false);
        if (page.Events[0].AppendedTicks < before)
            await _log.SealAsync(partition).ConfigureAwait(false);
    }
}
