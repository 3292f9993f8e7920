using Kappa.Log;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>Reads and their receipts.</summary>
public abstract class ReadContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    [Fact]
    public async Task An_append_is_read_with_its_receipt()
    {
        var host = await OpenAsync();
        var receipt = await host.AppendAsync(new Credited("a", 12.50m), new Credited("a", 0.50m));
        var read = await host.ReadAsync("a", receipt);
        Assert.Equal(ReadStatus.Found, read.Status);
        Assert.Equal(2, read.Envelope!.Version);
        Assert.Equal("""{"id":"a","balance":13.00,"events":2,"last":[12.50,0.50],"owner":null}""", await host.StateAsync("a"));
        Assert.Equal(new Position(read.Envelope.Position!.Value.Partition, 1), read.Envelope.Position);
    }

    [Fact]
    public async Task A_transfer_reaches_both_of_its_keys()
    {
        var host = await OpenAsync();
        var receipt = await host.AppendAsync(new Transferred("a", "b", 5));
        Assert.Contains("\"balance\":-5", await host.StateAsync("a", receipt), StringComparison.Ordinal);
        Assert.Contains("\"balance\":5", await host.StateAsync("b", receipt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_routed_twice_by_one_event_is_applied_once()
    {
        var host = await OpenAsync();
        var receipt = await host.AppendAsync(new Transferred("a", "a", 5));
        Assert.Equal(1, (await host.ReadAsync("a", receipt)).Envelope!.Version);
        Assert.True((await host.Views.AuditAsync("account")).Complete);
    }

    [Fact]
    public async Task An_unknown_key_is_not_found_even_with_a_receipt_that_was_reached()
    {
        var host = await OpenAsync();
        var receipt = await host.AppendAsync(new Credited("a", 1));
        Assert.Equal(ReadStatus.NotFound, (await host.ReadAsync("b", receipt)).Status);
        await Assert.ThrowsAsync<UnknownViewException>(async () => await host.ReadAsync("a", view: "nothing"));
    }

    [Fact]
    public async Task A_receipt_that_is_not_reached_is_not_yet_at_the_deadline()
    {
        var host = await OpenAsync();
        var future = new Receipt(Cut.Zero.With(0, 1_000));
        Assert.Equal(ReadStatus.NotYet, (await host.Views.ReadAsync("account", "a", future, TimeSpan.FromMilliseconds(20))).Status);
    }

    [Fact]
    public async Task A_read_waits_until_the_state_includes_its_receipt()
    {
        using var gate = new ManualResetEventSlim();
        await using var host = await OpenAsync(new AccountView(_ => !gate.Wait(ViewsHost.Patience)));
        var receipt = await host.AppendAsync(new Credited("a", 1));
        Assert.Equal(ReadStatus.NotYet, (await host.Views.ReadAsync("account", "a", receipt, TimeSpan.FromMilliseconds(20))).Status);
        if (host.ReadsBesideFolds)
            Assert.Equal(ReadStatus.NotFound, (await host.Views.ReadAsync("account", "a")).Status);
        var waiting = host.ReadAsync("a", receipt);
        Assert.False(waiting.IsCompleted);
        gate.Set();
        Assert.Equal((ReadStatus.Found, 1L), ((await waiting).Status, (await waiting).Envelope!.Version));
    }

    [Fact]
    public async Task A_receipt_outlives_a_restart()
    {
        var host = await OpenAsync();
        if (!CanRestart(host))
            return;
        var receipt = await host.AppendAsync(new Credited("a", 1));
        await host.RestartAsync();
        Assert.True(Receipt.TryParse(receipt.ToString(), out var same));
        Assert.Equal(1, (await host.ReadAsync("a", same)).Envelope!.Version);
        Assert.Equal(2, (await host.ReadAsync("a", await host.AppendAsync(new Credited("a", 1)))).Envelope!.Version);
    }

    [Fact]
    public async Task The_envelope_names_view_key_and_last_event()
    {
        var host = await OpenAsync();
        var receipt = await host.AppendAsync(new Credited("a", 1), new Credited("a", 1));
        await host.CaughtUpAsync();
        var envelope = (await host.ReadAsync("a", receipt)).Envelope!;
        Assert.Equal(("account", "a", 1, 2L, false), (envelope.View, envelope.Key, envelope.ViewVersion, envelope.Token.Version, envelope.Reset));
        Assert.Null(envelope.Quarantined);
        var position = envelope.Position!.Value;
        using var page = await host.Reader.ReadAsync(position.Partition, position.Sequence, 1);
        Assert.Equal((position, envelope.Appended, envelope.Time), (page.Events[0].Position, page.Events[0].Appended, page.Events[0].Time));
        Assert.Equal(envelope with { State = default }, Assert.Single((await host.Views.TopAsync("account", "balance", 10))) with { State = default });
    }

    [Fact]
    public async Task A_deleted_instance_is_not_found_and_goes_on_at_the_next_version()
    {
        var host = await OpenAsync();
        await host.AppendAsync(new Credited("a", 1, "owner"), new Closed("a"));
        await host.CaughtUpAsync();
        Assert.Equal(ReadStatus.NotFound, (await host.ReadAsync("a")).Status);
        Assert.Empty((await host.Views.KeysAsync("account", "", null, 10)).Items);
        Assert.Empty((await host.Views.LookupAsync("account", "owner", "owner", null, 10)).Items);
        var receipt = await host.AppendAsync(new Credited("a", 7));
        var read = await host.ReadAsync("a", receipt);
        Assert.Equal(3, read.Envelope!.Version);
        Assert.Equal("""{"id":"a","balance":7,"events":1,"last":[7],"owner":null}""", await host.StateAsync("a"));
        Assert.True((await host.Views.AuditAsync("account")).Complete);
    }
}
