namespace Kappa.Views;

/// <summary>Code that is generic in a view's state type; see <see cref="View.Accept"/>.</summary>
public interface IViewVisitor<out TResult>
{
    TResult Visit<TState>(View<TState> view) where TState : class, IViewState<TState>;
}
