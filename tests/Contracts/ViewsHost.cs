using System.Text;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Contracts;

/// <summary>
/// A log and an engine of any kind over it: all that a contract test may know. Views are those of this folder:
/// <c>account</c> version 1 and 2, and <c>other</c> version 1 with the state of <c>account</c>.
/// </summary>
public abstract class ViewsHost : IAsyncDisposable
{
    private int _ids;

    /// <summary>How long anything may take before it counts as lost; never waited for where all is well.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public abstract ILogWriter Writer { get; }
    public abstract ILogReader Reader { get; }
    public abstract IViews Views { get; }
    public abstract IRebuilds Rebuilds { get; }
    public EventTypes Types { get; } = AccountView.Types();

    /// <summary>False for an engine that cannot be started again over the same log and states; tests that need it say so and end.</summary>
    public virtual bool CanRestart => true;

    /// <summary>True if an instance is read as it was committed last while its fold is at work on it; else a read waits for the fold.</summary>
    public virtual bool ReadsBesideFolds => true;

    /// <summary>Stops the engine and starts it again over the same log and the same states, with these views; without any, the account view.</summary>
    public abstract Task RestartAsync(params View[] views);

    /// <summary>Waits until reads, lists, lookups, ranks and quarantines of a view show everything that the log holds now.</summary>
    public abstract Task CaughtUpAsync(string view = "account");

    /// <summary>Stops everything, ending what is under way; may be called again.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Appends events in this order, each under an id of its own.</summary>
    public async Task<Receipt> AppendAsync(params object[] records)
    {
        using var batch = new EventBatch();
        foreach (var record in records)
            batch.Add(CloudEvent.Of(Types, record, $"e{Interlocked.Increment(ref _ids)}", "/tests", record switch
            {
                Credited e => "account/" + e.Account,
                Closed e => "account/" + e.Account,
                Transferred e => "account/" + e.From,
                _ => null,
            }));
        var result = await Writer.AppendAsync(batch);
        Assert.Equal((AppendStatus.Appended, records.Length), (result.Status, result.Appended));
        return result.Receipt;
    }

    public async Task<ReadResult> ReadAsync(string key, Receipt? receipt = null, string view = "account") =>
        await Views.ReadAsync(view, key, receipt, Patience);

    /// <summary>The state as JSON, or "none".</summary>
    public async Task<string> StateAsync(string key, Receipt? receipt = null, string view = "account") =>
        await ReadAsync(key, receipt, view) is { Envelope: { } envelope } ? Encoding.UTF8.GetString(envelope.State.Span) : "none";

    /// <summary>Every listed instance with its version and state, in the order of keys: all that a view shows.</summary>
    public Task<string> DumpAsync(string view = "account") => DumpAsync(Views, view);

    public static async Task<string> DumpAsync(IViews views, string view = "account")
    {
        var text = new StringBuilder();
        for (string? after = null; ;)
        {
            var page = await views.KeysAsync(view, "", after, 100);
            foreach (var item in page.Items)
            {
                var envelope = (await views.ReadAsync(view, item.Key)).Envelope!;
                text.Append(item.Key).Append(' ').Append(envelope.Version).Append(' ').AppendLine(Encoding.UTF8.GetString(envelope.State.Span));
            }
            if ((after = page.Next) is null)
                return text.ToString();
        }
    }
}
