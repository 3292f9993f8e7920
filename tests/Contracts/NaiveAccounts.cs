using System.Text;
using Kappa.Log;

namespace Kappa.Contracts;

/// <summary>A log folded by hand: what all accounts must be, whatever engine there is, and whatever happened to it meanwhile.</summary>
public static class NaiveAccounts
{
    /// <summary>The events of the log, partition by partition.</summary>
    public static async Task<List<(Position Position, long Ticks, object Record)>> ReadAsync(ViewsHost host)
    {
        var all = new List<(Position, long, object)>();
        for (var partition = 0; partition < host.Reader.PartitionCount; partition++)
            for (var at = host.Reader.First(partition); at < host.Reader.Next(partition);)
            {
                using var page = await host.Reader.ReadAsync(partition, at, 1 << 20);
                foreach (var recorded in page.Events)
                    all.Add((recorded.Position, recorded.AppendedTicks, host.Types.Find(recorded.Type)!.Decode(recorded.Data.Span)));
                at = page.Next;
            }
        return all;
    }

    /// <summary>What <see cref="ViewsHost.DumpAsync(string)"/> must give.</summary>
    public static async Task<string> DumpAsync(ViewsHost host)
    {
        var accounts = new Dictionary<string, (long Version, NaiveAccount? State)>();
        foreach (var (_, _, record) in await ReadAsync(host))
            foreach (var key in NaiveAccount.KeysOf(record))
            {
                var (version, state) = accounts.GetValueOrDefault(key);
                accounts[key] = (version + 1, NaiveAccount.Fold(state, record, key));
            }
        var text = new StringBuilder();
        foreach (var (key, (version, state)) in accounts.OrderBy(one => one.Key, StringComparer.Ordinal))
            if (state is not null)
                text.Append(key).Append(' ').Append(version).Append(' ').AppendLine(state.ToJson(key));
        return text.ToString();
    }

    /// <summary>Every instance has the state and version that the log calls for, and the audit says so.</summary>
    public static async Task MustBeServedAsync(ViewsHost host)
    {
        await host.CaughtUpAsync();
        var audit = await host.Views.AuditAsync("account");
        Assert.True(audit.Complete, string.Join("; ", audit.Problems));
        Assert.Equal(await DumpAsync(host), await host.DumpAsync());
    }
}
