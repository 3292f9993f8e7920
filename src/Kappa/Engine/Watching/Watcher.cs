using System.Threading.Channels;
using Kappa.Views;

namespace Kappa.Engine.Watching;

/// <summary>One watch's mailbox: room for the newest envelope only, so that a slow watcher costs one envelope and never the fold.</summary>
internal sealed class Watcher
{
    private readonly Channel<ViewEnvelope> _newest = Channel.CreateBounded<ViewEnvelope>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public ChannelReader<ViewEnvelope> Newest => _newest.Reader;

    public void Offer(ViewEnvelope envelope) => _newest.Writer.TryWrite(envelope);

    public void End(Exception reason) => _newest.Writer.TryComplete(reason);
}
