using System.Threading.Channels;
using Kappa.Grains.Instances;

namespace Kappa.Grains.Reading;

/// <summary>Keeps the newest record that an instance told of. Thread-safe.</summary>
internal sealed class InstanceObserver : IInstanceObserver
{
    private readonly Channel<byte[]> _newest = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    public ChannelReader<byte[]> Newest => _newest.Reader;

    public Task ChangedAsync(byte[] record)
    {
        _newest.Writer.TryWrite(record);
        return Task.CompletedTask;
    }
}
