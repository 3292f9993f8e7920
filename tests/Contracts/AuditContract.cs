using Kappa.Log;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>The audit: complete where all is well, and never where something is held.</summary>
public abstract class AuditContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    [Fact]
    public async Task A_view_that_has_taken_everything_is_complete_at_the_end_of_the_log()
    {
        var host = await OpenAsync();
        // Routed to one key, to two, to one that is named twice; a deletion; and a return.
        await host.AppendAsync(new Credited("a", 1), new Transferred("a", "b", 1), new Transferred("c", "c", 1), new Closed("a"), new Credited("a", 2));
        await host.CaughtUpAsync();
        var audit = await host.Views.AuditAsync("account");
        Assert.Equal(("account", true, 6L, 6L, 0L), (audit.View, audit.Complete, audit.Routed, audit.Applied, audit.Held));
        Assert.Empty(audit.Problems);
        Assert.Equal(LogCuts.EndOf(host.Reader), audit.Cut);
        Assert.Equal((5L, 6L), (audit.Partitions.Sum(one => one.Events), audit.Partitions.Sum(one => one.Routed)));
        Assert.Equal(0, (await host.Views.ListAsync())[0].Lag);
        Assert.Equal(6, (await host.Views.ListAsync())[0].Applied);
    }

    [Fact]
    public async Task An_empty_view_is_complete_and_an_unknown_one_is_refused()
    {
        var host = await OpenAsync();
        var audit = await host.Views.AuditAsync("account");
        Assert.Equal((true, 0L, 0L, 0L), (audit.Complete, audit.Routed, audit.Applied, audit.Held));
        await Assert.ThrowsAsync<UnknownViewException>(async () => await host.Views.AuditAsync("nothing"));
    }

    [Fact]
    public async Task A_view_is_not_complete_while_an_instance_is_quarantined()
    {
        var fault = new Fault("bad");
        var host = await OpenAsync(new AccountView(fault.IsIn));
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, "bad"), new Credited("a", 4), new Credited("b", 1));
        await host.CaughtUpAsync();
        var audit = await host.Views.AuditAsync("account");
        Assert.Equal((false, 4L, 2L, 2L), (audit.Complete, audit.Routed, audit.Applied, audit.Held));
        fault.Mend();
        await host.Views.RetryAsync("account", "a");
        audit = await host.Views.AuditAsync("account");
        Assert.Equal((true, 4L, 4L, 0L), (audit.Complete, audit.Routed, audit.Applied, audit.Held));
    }

    [Fact]
    public async Task A_view_is_not_complete_while_an_event_is_held_at_it()
    {
        var fault = new Fault("lost");
        var host = await OpenAsync(new AccountView(key: fault.Key));
        await host.AppendAsync(new Credited("a", 1), new Credited("a", 2, "lost"), new Credited("a", 4, "later"));
        await host.CaughtUpAsync();
        var audit = await host.Views.AuditAsync("account");
        Assert.Equal((false, 3L, 2L, 1L), (audit.Complete, audit.Routed, audit.Applied, audit.Held));
        fault.Mend();
        await host.Views.RetryAsync("account", (await host.Views.QuarantineAsync(null, 10)).Items[0].Position);
        audit = await host.Views.AuditAsync("account");
        Assert.Equal((true, 3L, 3L, 0L), (audit.Complete, audit.Routed, audit.Applied, audit.Held));
    }

    [Fact]
    public async Task An_audit_while_events_come_agrees_with_the_log_as_far_as_it_looked()
    {
        var host = await OpenAsync();
        var appending = Task.Run(async () =>
        {
            // Reads what it wrote before it writes on, or it would outrun the view.
            for (var i = 0; i < 200; i++)
                await host.ReadAsync($"a{i % 7}", await host.AppendAsync(new Credited($"a{i % 7}", 1), new Transferred("b", $"c{i % 5}", 1)));
        });
        while (!appending.IsCompleted)
        {
            var audit = await host.Views.AuditAsync("account");
            Assert.True(audit.Complete, string.Join("; ", audit.Problems));
            Assert.Equal(audit.Routed, audit.Applied);
        }
        await appending;
        await NaiveAccounts.MustBeServedAsync(host);
    }
}
