using Telemedicine.Clinical.Afterwards;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>The survey's questions and answers.</summary>
internal static class SurveyWording
{
    public const string ExperienceQuestion = "Overall, how was your experience of our service?";
    public const string CallQuestion = "How well did the call work?";

    public static string Said(this Experience experience) => experience switch
    {
        Experience.VeryGood => "Very good",
        Experience.Good => "Good",
        Experience.NeitherGoodNorPoor => "Neither good nor poor",
        Experience.Poor => "Poor",
        Experience.VeryPoor => "Very poor",
        Experience.DoNotKnow => "I do not know",
        _ => throw new ArgumentOutOfRangeException(nameof(experience), experience, "Not an answer."),
    };

    public static string Said(this CallWorked call) => call switch
    {
        CallWorked.Well => "Well",
        CallWorked.WithSomeProblems => "With some problems",
        CallWorked.Badly => "Badly",
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "Not an answer."),
    };
}
