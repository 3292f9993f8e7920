using System.Threading.Channels;

namespace Kappa.Engine.Watching;

/// <summary>Who waits for any change of a view, to look at a rank again. Changes that nobody has seen yet count once. Thread-safe.</summary>
internal sealed class TopWatchers
{
    private readonly Lock _gate = new();
    private Channel<bool>[] _waiting = [];
    private Exception? _ended;

    public void Wake()
    {
        foreach (var channel in Volatile.Read(ref _waiting))
            channel.Writer.TryWrite(true);
    }

    public void End(Exception reason)
    {
        lock (_gate)
        {
            _ended = reason;
            foreach (var channel in _waiting)
                channel.Writer.TryComplete(reason);
        }
    }

    public Changes Add()
    {
        var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            if (_ended is not null)
                channel.Writer.TryComplete(_ended);
            Volatile.Write(ref _waiting, [.. _waiting, channel]);
        }
        return new Changes(this, channel);
    }

    /// <summary>One waiter's place.</summary>
    public sealed class Changes(TopWatchers owner, Channel<bool> channel) : IDisposable
    {
        /// <summary>True once something changed since the last call.</summary>
        public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken) =>
            await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && channel.Reader.TryRead(out _);

        public void Dispose()
        {
            lock (owner._gate)
                Volatile.Write(ref owner._waiting, Array.FindAll(owner._waiting, other => other != channel));
        }
    }
}
