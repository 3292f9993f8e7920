using Kappa.Contracts;
using Kappa.Grains.Hosting;

namespace Kappa.Grains.Tests;

[ViewGrain("account", 1)]
public sealed class AccountGrain(GrainsContext context) : ViewGrain<Account>(context);

[ViewGrain("account", 2)]
public sealed class AveragedAccountGrain(GrainsContext context) : ViewGrain<AveragedAccount>(context);

[ViewGrain("other", 1)]
public sealed class OtherGrain(GrainsContext context) : ViewGrain<Account>(context);
