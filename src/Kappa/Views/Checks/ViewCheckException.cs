namespace Kappa.Views.Checks;

/// <summary>A view's state does not depend on its events alone.</summary>
public sealed class ViewCheckException(ViewCheckFailure failure) : Exception(failure.ToString())
{
    public ViewCheckFailure Failure { get; } = failure;
}
