using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class NotesAmendedAndCoded : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Outcome",
                table: "EncounterNotes",
                type: "nvarchar(32)",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Problem",
                table: "EncounterNotes",
                type: "nvarchar(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "Window",
                table: "EncounterNotes",
                type: "uniqueidentifier",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "WindowNumber",
                table: "EncounterNotes",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "NoteAmendments",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PracticeId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    NoteId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Sequence = table.Column<int>(type: "int", nullable: false),
                    AuthorId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    At = table.Column<DateTime>(type: "datetime2", nullable: false),
                    Reason = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    TextBefore = table.Column<string>(type: "nvarchar(max)", maxLength: 20000, nullable: false),
                    ProblemBefore = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    OutcomeBefore = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NoteAmendments", x => x.Id);
                    table.ForeignKey(
                        name: "FK_NoteAmendments_EncounterNotes_NoteId",
                        column: x => x.NoteId,
                        principalTable: "EncounterNotes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_NoteAmendments_Practitioners_AuthorId",
                        column: x => x.AuthorId,
                        principalTable: "Practitioners",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_NoteAmendments_AuthorId",
                table: "NoteAmendments",
                column: "AuthorId");

            migrationBuilder.CreateIndex(
                name: "IX_NoteAmendments_NoteId_Sequence",
                table: "NoteAmendments",
                columns: new[] { "NoteId", "Sequence" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "NoteAmendments");

            migrationBuilder.DropColumn(
                name: "Outcome",
                table: "EncounterNotes");

            migrationBuilder.DropColumn(
                name: "Problem",
                table: "EncounterNotes");

            migrationBuilder.DropColumn(
                name: "Window",
                table: "EncounterNotes");

            migrationBuilder.DropColumn(
                name: "WindowNumber",
                table: "EncounterNotes");
        }
    }
}
