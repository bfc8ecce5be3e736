//! The commands and pushes of the window, named once: the app and its TypeScript bindings are made from the same list.

use std::path::Path;

use specta_typescript::Typescript;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

use crate::{
    commands::{
        attention, browse, care, compare, connections, desk, diagnostics, entry, history, imports, questions, settings,
        today, transfers,
    },
    views::{AttentionRaised, QuestionsChanged, TopicsChanged},
};

/// What the window may call and hear.
pub(crate) fn builder() -> Builder<tauri::Wry> {
    Builder::new()
        .error_handling(ErrorHandlingMode::Result)
        // What is sent and what is taken has one shape each; two of a kind would double every name.
        .disable_serde_phases()
        .commands(collect_commands![
            attention::attention_answer,
            attention::attention_list,
            attention::attention_one,
            today::attention_groups,
            today::attention_page,
            today::demo_join,
            today::demo_leave,
            today::demo_state,
            today::today_look,
            browse::browse_abilities,
            browse::browse_copy,
            browse::browse_count_loss,
            browse::browse_follow,
            browse::browse_heard,
            browse::browse_home,
            browse::browse_leave,
            browse::browse_look,
            browse::browse_make_folder,
            browse::browse_remove,
            browse::browse_rename,
            browse::browse_stop,
            care::data_check,
            care::data_copy,
            care::data_place,
            care::data_prune,
            care::settings_set_network,
            care::vault_change_passphrase,
            care::vault_lock,
            care::vault_move_secrets,
            care::vaults_list,
            compare::compare_close,
            compare::compare_look,
            compare::compare_page,
            compare::compare_run,
            compare::compare_start,
            compare::compare_stop,
            compare::compare_tick,
            compare::compare_tick_all,
            connections::connections_add,
            connections::connections_edit,
            connections::connections_facts,
            connections::connections_list,
            connections::connections_read_address,
            connections::connections_remove,
            connections::connections_restore,
            connections::connections_specs,
            connections::connections_test,
            connections::connections_uses,
            desk::desk_about,
            desk::paths_pick,
            desk::progress_follow,
            desk::vault_open,
            diagnostics::diagnostics_make,
            diagnostics::diagnostics_save,
            entry::entry_details,
            entry::entry_hold_set,
            entry::entry_link,
            entry::entry_preview,
            entry::entry_preview_close,
            entry::entry_retention_set,
            entry::entry_tags_save,
            entry::entry_version_delete,
            entry::entry_version_download,
            entry::entry_version_restore,
            entry::entry_version_take_back,
            entry::entry_versions,
            entry::uploads_abort,
            entry::uploads_unfinished,
            history::transfers_act_all,
            history::transfers_blocks,
            history::transfers_move_before,
            history::transfers_move_first,
            history::transfers_run,
            history::transfers_run_page,
            history::transfers_show_file,
            history::transfers_some,
            history::views_forget,
            history::views_list,
            history::views_order,
            history::views_save,
            imports::imports_add,
            imports::imports_look,
            imports::imports_offers,
            questions::questions_answer,
            questions::questions_list,
            settings::settings_end_limit_for_now,
            settings::settings_get,
            settings::settings_limit_for_now,
            settings::settings_limit_now,
            settings::settings_set_appearance,
            settings::settings_set_history,
            settings::settings_set_limits,
            settings::settings_set_notices,
            settings::settings_set_operator,
            settings::settings_set_window,
            settings::window_zoom,
            transfers::transfers_cancel,
            transfers::transfers_cancel_runs,
            transfers::transfers_counts,
            transfers::transfers_details,
            transfers::transfers_page,
            transfers::transfers_pause,
            transfers::transfers_pause_all,
            transfers::transfers_resume,
            transfers::transfers_resume_all,
            transfers::transfers_retry,
            transfers::transfers_runs,
            transfers::transfers_send,
        ])
        .events(collect_events![AttentionRaised, QuestionsChanged, TopicsChanged])
}

/// Writes the bindings into `file`.
pub fn write_bindings(file: &Path) -> Result<(), String> {
    let header = "// Made by script/bindings from the commands of src-tauri/src. Not edited by hand.\n";
    builder().export(Typescript::default().header(header), file).map_err(|error| error.to_string())
}
