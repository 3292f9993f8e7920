using Kappa.Log;
using Kappa.Views;

namespace Kappa.Tests.Engine;

public sealed class ReadTests
{
    [Fact]
    public async Task An_append_is_read_with_its_receipt()
    {
        await using var harness = new EngineHarness();
        var receipt = await harness.AppendAsync(new Credited("a", 12.50m), new Credited("a", 0.50m));
        var read = await harness.ReadAsync("a", receipt);
        Assert.Equal(ReadStatus.Found, read.Status);
        Assert.Equal(2, read.Envelope!.Version);
        Assert.Equal("""{"id":"a","balance":13.00,"events":2,"last":[12.50,0.50],"owner":null}""", await harness.StateAsync("a"));
        Assert.Equal(new Position(read.Envelope.Position!.Value.Partition, 1), read.Envelope.Position);
    }

    [Fact]
    public async Task A_transfer_reaches_both_of_its_keys()
    {
        await using var harness = new EngineHarness();
        var receipt = await harness.AppendAsync(new Transferred("a", "b", 5));
        Assert.Contains("\"balance\":-5", await harness.StateAsync("a", receipt), StringComparison.Ordinal);
        Assert.Contains("\"balance\":5", await harness.StateAsync("b", receipt), StringComparison.Ordinal);
    }
}
