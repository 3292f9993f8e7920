using Kappa.Engine.Records;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Reading;

/// <summary>Reads of single instances, now, after an append, and as of a cut. Thread-safe.</summary>
internal sealed class InstanceReads(ILogReader log, TimeProvider time)
{
    /// <summary>One call to an auditor waits at most so long, well within the time that a call to a grain may take.</summary>
    private static readonly TimeSpan _callMax = TimeSpan.FromSeconds(10), _callMin = TimeSpan.FromMilliseconds(500), _again = TimeSpan.FromMilliseconds(50);

    public async ValueTask<ReadResult> ReadAsync(Serving serving, string key, Receipt? receipt, TimeSpan wait, CancellationToken cancellationToken)
    {
        byte[] record;
        var cut = Cut.Zero;
        if (receipt is null)
            record = await serving.Instance(key).ReadAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        else
        {
            var started = time.GetTimestamp();
            if (await CutOfAsync(receipt, wait, cancellationToken).ConfigureAwait(false) is not { } resolved
                || await ReadAfterAsync(serving, key, resolved, wait - time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false) is not { } reached)
                return new ReadResult(ReadStatus.NotYet, null);
            (record, cut) = (reached, resolved);
        }
        if (record.Length == 0)
            return new ReadResult(ReadStatus.NotFound, null);
        var envelope = serving.Envelope(key, record);
        if (receipt is not null && IsPastQuarantine(record, cut))
            return new ReadResult(ReadStatus.PastQuarantine, envelope);
        // A stopped instance without any good state is shown all the same: that it is stopped is what there is to see.
        return new ReadResult(!envelope.State.IsEmpty || envelope.Quarantined is not null ? ReadStatus.Found : ReadStatus.NotFound,
            !envelope.State.IsEmpty || envelope.Quarantined is not null ? envelope : null);
    }

    public async ValueTask<ReadResult> ReadAtAsync(Serving serving, string key, Cut cut, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (await ReadAfterAsync(serving, key, cut, wait, cancellationToken).ConfigureAwait(false) is not { } newest)
            return new ReadResult(ReadStatus.NotYet, null);
        if (IsPastQuarantine(newest, cut))
            return new ReadResult(ReadStatus.PastQuarantine, serving.Envelope(key, newest));
        var then = await serving.Instance(key).MomentAsync([.. Enumerable.Range(0, cut.PartitionCount).Select(p => cut[p])]).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (then.PastQuarantine)
            return new ReadResult(ReadStatus.PastQuarantine, await serving.ReadAsync(key).ConfigureAwait(false));
        if (then.State.Length == 0)
            return new ReadResult(ReadStatus.NotFound, null);
        return new ReadResult(ReadStatus.Found, new ViewEnvelope
        {
            View = serving.View.Name,
            Key = key,
            ViewVersion = serving.Name.Version,
            Version = then.Version,
            // No build has the generation 0: a watch that is given such a token starts anew instead of following on a state that never was.
            Token = new WatchToken(then.IsVersion ? serving.Generation(then.Generation) : 0, then.Version),
            Time = new DateTimeOffset(then.TimeTicks, TimeSpan.Zero),
            Appended = new DateTimeOffset(then.AppendedTicks, TimeSpan.Zero),
            Position = PositionList.Unpack(then.Last),
            State = Engine.Instances.ServedState.Of(then.State),
        });
    }

    /// <summary>The cut of a receipt, whose positions may not be known yet; null if the time was over first.</summary>
    private async Task<Cut?> CutOfAsync(Receipt receipt, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (receipt.Marks.Count == 0)
            return receipt.Cut;
        using var deadline = new CancellationTokenSource(wait > _callMin ? wait : _callMin, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await receipt.ResolveAsync(log, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The record once it includes a cut, or is known to be stopped inside it; null if the time was over first.</summary>
    private async Task<byte[]?> ReadAfterAsync(Serving serving, string key, Cut cut, TimeSpan wait, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var record = await WithinAsync(serving, key, wait, cancellationToken).ConfigureAwait(false);
        if (record is null || IsPastQuarantine(record, cut))
            return record;
        return await ReachedAsync(serving, cut, wait - time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false)
            ? await WithinAsync(serving, key, wait - time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>The record; null if the time was over first. A grain that is busy with a fold is no reason to keep a caller beyond the time it gave; a moment it has in any case.</summary>
    private async Task<byte[]?> WithinAsync(Serving serving, string key, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            return await serving.Instance(key).ReadAsync().WaitAsync(wait > _callMin ? wait : _callMin, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Waits until the auditors have proven that everything inside a cut is with its instances; false if the time was over first.</summary>
    public async Task<bool> ReachedAsync(Serving serving, Cut cut, TimeSpan wait, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var partitions = Enumerable.Range(0, cut.PartitionCount).Where(partition => cut[partition] > 0);
        return !Array.Exists(await Task.WhenAll(partitions.Select(PartitionAsync)).ConfigureAwait(false), reached => !reached);

        async Task<bool> PartitionAsync(int partition)
        {
            while (true)
            {
                var left = wait - time.GetElapsedTime(started);
                left = left < TimeSpan.Zero ? TimeSpan.Zero : left;
                if (await serving.Auditor(partition).ReachAsync(cut[partition], (int)Math.Min(left.TotalMilliseconds, _callMax.TotalMilliseconds))
                    .WaitAsync(cancellationToken).ConfigureAwait(false))
                    return true;
                if (time.GetElapsedTime(started) >= wait)
                    return false;
                // An auditor that is over says so at once; another one takes its place.
                await Task.Delay(_again, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>True if an event that is held for the instance lies inside a cut.</summary>
    private static bool IsPastQuarantine(byte[] record, Cut cut)
    {
        if (record.Length == 0 || InstanceRecord.Read(record) is not { Quarantine: not null } stopped)
            return false;
        for (var i = 0; i < stopped.HeldFrom.Count; i++)
            if (cut.Contains(stopped.HeldFrom[i]))
                return true;
        return false;
    }
}
