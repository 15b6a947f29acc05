namespace Telemedicine.Web.Pages.Shared;

/// <summary>What a page tells the layout.</summary>
public static class ViewKeys
{
    /// <summary>The page's title, its heading in short. Every page has one.</summary>
    public const string Title = "Title";

    /// <summary>The item of the menu that the page belongs to.</summary>
    public const string Section = "Section";

    /// <summary>The name of the practice.</summary>
    public const string Practice = "Practice";

    /// <summary>True for a page that needs more than a text's width: a call.</summary>
    public const string Wide = "Wide";
}
