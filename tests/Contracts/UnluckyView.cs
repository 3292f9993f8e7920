using Kappa.Views;

namespace Kappa.Contracts;

/// <summary>An account view whose rank cannot be worked out for a balance of 13 or more, and whose fold chokes on "bad".</summary>
public sealed class UnluckyView : View<Account>
{
    public UnluckyView() : base("account", version: 1)
    {
        On<Credited>(e => e.Account, (account, e, _) =>
        {
            account.Balance += e.Amount;
            account.Events++;
            return e.Note == "bad" ? throw new InvalidOperationException("bad") : account;
        });
        Rank("unlucky", account => account.Balance >= 13 ? throw new InvalidOperationException("13 is unlucky") : account.Balance);
    }
}
